"""The same linkage on Apache Spark, for registers beyond one machine; nothing here is read unless Spark is asked for."""
