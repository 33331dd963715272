#!/bin/sh
cat /lib/lib.txt
