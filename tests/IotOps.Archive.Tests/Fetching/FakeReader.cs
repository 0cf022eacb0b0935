namespace IotOps.Archive.Tests.Fetching;

/// <summary>Bodies that a test makes, attempt by attempt.</summary>
internal sealed class FakeReader(Func<LogObject, long, CancellationToken, Task<Stream>> open) : ILogObjectReader
{
    private readonly List<(string Key, long Offset)> _opened = [];

    public IReadOnlyList<(string Key, long Offset)> Opened
    {
        get { lock (_opened) { return [.. _opened]; } }
    }

    public static byte[] Content(LogObject logObject)
    {
        byte[] content = new byte[logObject.Size];
        new Random(logObject.Key.Length + (int)logObject.Size).NextBytes(content);
        return content;
    }

    public static Stream Rest(LogObject logObject, long offset, long? end = null) =>
        new MemoryStream(Content(logObject)[(int)offset..(int)(end ?? logObject.Size)]);

    public Task<Stream> OpenAsync(LogObject logObject, long offset, CancellationToken cancellationToken)
    {
        lock (_opened) { _opened.Add((logObject.Key, offset)); }

        return open(logObject, offset, cancellationToken);
    }
}
