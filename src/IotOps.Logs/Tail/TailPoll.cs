namespace IotOps.Logs.Tail;

/// <summary>How a round of reading went and when the next is due.</summary>
/// <param name="MoreToRead">Call again at once.</param>
/// <param name="Blocked">A lane was full: call again when lanes wake.</param>
/// <param name="NextPoll">Call again after this long at the latest.</param>
/// <param name="Waiting">
/// Something readable is not offered yet: a lane is full, an event of many lines may still grow, a rotated file's last line or a file that
/// is not where it was needs another look. A shipper is not idle while this is so.
/// </param>
internal readonly record struct TailPoll(bool MoreToRead, bool Blocked, TimeSpan NextPoll, bool Waiting = false);
