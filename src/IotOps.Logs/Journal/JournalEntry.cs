using Microsoft.Extensions.Logging;

namespace IotOps.Logs.Journal;

/// <summary>What is shipped of one entry of the journal.</summary>
/// <param name="Cursor">The journal's name for its place.</param>
/// <param name="Time">When it was received, milliseconds since 1970.</param>
/// <param name="Level">Its priority as a level; null without one.</param>
/// <param name="Text">Valid UTF-8, <c>identifier[pid]: message</c>; empty without a message.</param>
internal sealed record JournalEntry(string Cursor, long Time, LogLevel? Level, byte[] Text);
