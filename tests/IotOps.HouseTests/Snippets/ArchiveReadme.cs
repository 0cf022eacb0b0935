using IotOps.Archive;

namespace IotOps.HouseTests.Snippets;

/// <summary>The code of src/IotOps.Archive/README.md.</summary>
internal static class ArchiveReadme
{
    public static async Task<string> Zip(
        Stream output, DateTimeOffset lastWrite, ReadOnlyMemory<byte> plain, Stream gzipObject, CancellationToken stop)
    {
        await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Profile = DeflateProfile.Fast });
        string name = zip.OpenEntry("telemetry_20231001.log", lastWrite); // made safe, numbered when taken
        await zip.WriteAsync(plain, stop);
        await zip.AppendGzipAsync(gzipObject, cancellationToken: stop); // its deflate blocks as they are
        await zip.CloseEntryAsync(stop);
        await zip.CompleteAsync(stop);
        return name;
    }
}
