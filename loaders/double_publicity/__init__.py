"""双公示: administrative penalties and permits as departments publish them, in the editions of 2015 and 2018."""
