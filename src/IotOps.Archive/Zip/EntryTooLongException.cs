namespace IotOps.Archive.Zip;

/// <summary>An entry got more bytes than it was bound to; the zip is lost.</summary>
internal sealed class EntryTooLongException(string message) : InvalidOperationException(message);
