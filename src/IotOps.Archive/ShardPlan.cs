namespace IotOps.Archive;

/// <summary>What a sharded export has before it.</summary>
/// <param name="Id">Its id, which <c>shard</c> and <c>finish</c> are given.</param>
/// <param name="Shards">How many shards run, numbered from 0.</param>
/// <param name="Objects">Objects in all.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record ShardPlan(string Id, int Shards, long Objects, long Bytes);
