"""Proposals for the next release of a catalogue, each with the counts and records that it rests on."""
