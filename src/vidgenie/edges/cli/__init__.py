"""The command line: up, api, worker, migrate, render, frame, explain, validate, probe, mail, doctor."""
