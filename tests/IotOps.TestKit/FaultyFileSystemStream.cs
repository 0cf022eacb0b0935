using System.IO.Abstractions;

namespace IotOps.TestKit;

/// <summary>What <see cref="FaultyFileStreamFactory"/> hands out: the base class would turn <c>Flush(true)</c> into a plain flush.</summary>
internal sealed class FaultyFileSystemStream(FaultyFileStream stream, string path, bool isAsync) : FileSystemStream(stream, path, isAsync)
{
    public override void Flush(bool flushToDisk) => stream.Flush(flushToDisk);
}
