#!/bin/sh
exec "${STRATA:-strata}" "$@"
