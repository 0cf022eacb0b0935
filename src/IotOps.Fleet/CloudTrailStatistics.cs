namespace IotOps.Fleet;

/// <summary>What a <see cref="CloudTrailReader"/> has read so far.</summary>
/// <param name="Sources">Files, objects and streams.</param>
/// <param name="Bytes">Bytes of JSON, uncompressed.</param>
/// <param name="Records">Events, each counted once.</param>
/// <param name="Duplicates">Records that were left out, because their event came out before.</param>
/// <param name="Completed">Events that an addendum completed.</param>
/// <param name="Problems">What was wrong; also more than are kept.</param>
public readonly record struct CloudTrailStatistics(long Sources, long Bytes, long Records, long Duplicates, long Completed, long Problems);
