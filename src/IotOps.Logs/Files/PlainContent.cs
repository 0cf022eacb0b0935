namespace IotOps.Logs.Files;

/// <summary>An open file.</summary>
internal sealed class PlainContent(Stream stream, string path, FileProbe probe) : SourceContent
{
    public override int Read(long offset, Span<byte> target)
    {
        stream.Position = offset;
        return stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
    }

    public override long? NextData(long offset) => probe.NextData(stream, offset);

    public override FileStat Stat() => probe.Stat(stream, path);

    public override void Dispose() => stream.Dispose();
}
