using System.IO.Compression;
using System.Text;

namespace IotOps.Fleet.Tests.Trail;

/// <summary>Makes files of records and reads them.</summary>
internal static class Records
{
    public static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    public static byte[] Gzip(ReadOnlySpan<byte> plain)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return target.ToArray();
    }

    public static byte[] Gunzip(byte[] file)
    {
        using var gzip = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>A file with the records given as JSON.</summary>
    public static string File(params IEnumerable<string> records) => $$"""{"Records":[{{string.Join(',', records)}}]}""";

    /// <summary>Reads a file to its end with a reader of its own.</summary>
    public static async Task<(CloudTrailReader Reader, List<CloudTrailRecord> Records)> ReadAsync(
        byte[] file, string name = "a.json.gz", CloudTrailReaderOptions? options = null, Func<Stream, Stream>? wrap = null)
    {
        var reader = new CloudTrailReader(options);
        Stream stream = new MemoryStream(file);
        return (reader, await ToListAsync(reader.ReadStreamAsync(wrap?.Invoke(stream) ?? stream, name, TestContext.Current.CancellationToken)));
    }

    public static async Task<List<CloudTrailRecord>> ToListAsync(IAsyncEnumerable<CloudTrailRecord> records)
    {
        List<CloudTrailRecord> list = [];
        await foreach (CloudTrailRecord record in records)
        {
            list.Add(record.ToOwned());
        }

        return list;
    }

    public static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
