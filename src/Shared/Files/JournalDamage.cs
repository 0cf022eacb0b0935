namespace IotOps.Shared;

/// <summary>The part of a journal that could not be read.</summary>
/// <param name="Offset">Its first byte; everything before it was replayed.</param>
/// <param name="Bytes">From there to the end of the file.</param>
/// <param name="IsTornEnd">True when no whole record follows, as after a power cut in the middle of a write that nobody was told had succeeded.</param>
internal readonly record struct JournalDamage(long Offset, long Bytes, bool IsTornEnd);
