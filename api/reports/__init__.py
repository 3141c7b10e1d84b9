"""Reports as pages: each table with its chart, for the site (`views`) and as one file (`html_report`)."""
