-- The instances that have a problem, those that were started last first: few of many.
CREATE INDEX instance_troubled ON instance (created_at) WHERE problem IS NOT NULL;
