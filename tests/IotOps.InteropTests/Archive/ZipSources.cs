using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotOps.Archive;

namespace IotOps.InteropTests.Archive;

/// <summary>A zip of every kind of entry, and what each of them must come out as: its name, length and SHA-256.</summary>
internal sealed class ZipSources
{
    private static readonly DateTimeOffset Noon = new(2023, 10, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<string, string> _expected = new(StringComparer.Ordinal);

    /// <summary>As the reading side compares them: name to "length sha256".</summary>
    public string Expected() => JsonSerializer.Serialize(_expected, InteropJson.Default.DictionaryStringString);

    /// <summary>0 B, 1 B, every profile, incompressible, one and many blocks, spliced and not, odd names.</summary>
    public async Task WriteEveryKindAsync(Stream output, long largest = long.MaxValue)
    {
        await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Threads = 2, BlockBytes = 128 << 10, LargestEntry = largest });
        await AddAsync(zip, "empty.log", []);
        await AddAsync(zip, "one.log", [(byte)'x']);
        await AddAsync(zip, "日本語/ログ é.log", Lines(2_000));
        await AddAsync(zip, "random-small.bin", Random(1_000));
        await AddAsync(zip, "random-large.bin", Random(500_000));
        foreach (DeflateProfile profile in Enum.GetValues<DeflateProfile>())
        {
            await AddAsync(zip, $"{profile}/small.log", Lines(50_000), profile);
            await AddAsync(zip, $"{profile}/large.log", Lines(700_000), profile);
        }

        zip.OpenEntry("spliced.log", Noon);
        var content = new MemoryStream();
        foreach (CompressionLevel level in Enum.GetValues<CompressionLevel>())
        {
            byte[] plain = Lines(200_000 + (int)level);
            await zip.AppendGzipAsync(new MemoryStream(Gzip(plain, level)));
            content.Write(plain);
            content.WriteByte((byte)'\n');
            await zip.WriteAsync("between\n"u8.ToArray());
            content.Write("between\n"u8);
        }

        await zip.CloseEntryAsync();
        Expect("spliced.log", content.ToArray());
        zip.OpenEntry("../../etc/passwd", Noon).ShouldBe("etc/passwd");
        await zip.WriteAsync(Lines(10));
        await zip.CloseEntryAsync();
        Expect("etc/passwd", Lines(10));
        await zip.CompleteAsync();
    }

    /// <summary>More entries than the old directory counts.</summary>
    public async Task WriteManyAsync(Stream output, int count)
    {
        await using var zip = new ZipStreamWriter(output, new ZipStreamWriterOptions { Profile = DeflateProfile.Fast });
        for (int i = 0; i < count; i++)
        {
            await AddAsync(zip, $"{i / 1_000:000}/{i:000000}.log", Encoding.ASCII.GetBytes($"{{\"record\":{i}}}\n"));
        }

        await zip.CompleteAsync();
    }

    /// <summary>Two shards and a zip that went on from a checkpoint in the middle of an entry, laid one behind the other.</summary>
    public async Task WriteInPiecesAsync(Stream output)
    {
        var shards = new List<ZipShard>();
        foreach (string name in new[] { "first", "second" })
        {
            await using var shard = new ZipStreamWriter(output);
            await AddAsync(shard, name + "/small.log", Lines(3_000));
            await AddAsync(shard, name + "/large.log", Lines(3_000_000));
            shards.Add(await shard.CompleteShardAsync());
        }

        ZipCheckpoint checkpoint;
        byte[] content = Lines(2_500_000);
        await using (var begun = new ZipStreamWriter(output))
        {
            begun.OpenEntry("resumed.log", Noon);
            await begun.WriteAsync(content.AsMemory(0, 1_234_567));
            checkpoint = ZipCheckpoint.FromJson((await begun.CheckpointAsync()).ToJson());
        }

        await using var resumed = new ZipStreamWriter(output, checkpoint);
        await resumed.WriteAsync(content.AsMemory(1_234_567));
        await resumed.CloseEntryAsync();
        Expect("resumed.log", content);
        shards.Add(await resumed.CompleteShardAsync());
        await ZipDirectory.WriteAsync(output, ZipDirectory.Merge(shards), shards.Sum(shard => shard.Length));
    }

    private static byte[] Lines(int length)
    {
        var random = new Random(length);
        var text = new StringBuilder(length + 128);
        while (text.Length < length)
        {
            text.Append($"{{\"thingName\":\"THING{random.Next(40):00000}\",\"timestamp\":{1_696_118_400_000 + random.Next(86_400_000)},\"id\":\"{random.NextInt64():x16}\"}}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Gzip(byte[] plain, CompressionLevel level)
    {
        var file = new MemoryStream();
        using (var gzip = new GZipStream(file, level, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return file.ToArray();
    }

    private async Task AddAsync(ZipStreamWriter zip, string name, byte[] content, DeflateProfile? profile = null)
    {
        zip.OpenEntry(name, Noon, profile).ShouldBe(name);
        await zip.WriteAsync(content);
        await zip.CloseEntryAsync();
        Expect(name, content);
    }

    private void Expect(string name, byte[] content) =>
        _expected[name] = $"{content.Length} {Convert.ToHexStringLower(SHA256.HashData(content))}";
}
