"""Tests of ladders, rotas and what was tried."""
