"""The ways in: public, worker, office, api and command line. They ask and act; they decide nothing."""
