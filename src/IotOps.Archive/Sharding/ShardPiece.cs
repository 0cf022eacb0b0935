namespace IotOps.Archive.Sharding;

/// <summary>A run of objects of one file of the zip, which one shard reads.</summary>
/// <param name="Index">Its place among all pieces.</param>
/// <param name="Shard">Who reads it.</param>
/// <param name="Entry">Index of the file.</param>
/// <param name="First">Index of its first object.</param>
/// <param name="End">Index behind its last object.</param>
internal sealed record ShardPiece(int Index, int Shard, int Entry, int First, int End);
