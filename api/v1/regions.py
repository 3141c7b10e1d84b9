"""`GET /v1/regions`."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.catalogue_answers import region_tree
from api.strict_route import StrictRoute
from api.v1.catalogue_schemas import RegionTree
from api.v1.dependencies import AnswerLang
from api.v1.responses import errors

router = APIRouter(route_class=StrictRoute, tags=["catalogue"])


@router.get("/regions", summary="List the regions", responses=errors(422))
def list_regions(response: Response, lang: AnswerLang) -> RegionTree:
    """Return province, cities and districts as a tree, and large cities elsewhere."""
    del lang
    response.headers["Cache-Control"] = "public, max-age=300"
    return region_tree()
