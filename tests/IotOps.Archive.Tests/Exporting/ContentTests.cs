using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Snappier;
using ZstdSharp;

namespace IotOps.Archive.Tests.Exporting;

/// <summary>An object is what its bytes say: text stays as it is, what is compressed is opened, what is not read is never taken for text.</summary>
public sealed class ContentTests : IAsyncLifetime
{
    private const string Text = "first line\n{\"n\":1}\nlast line\n";
    private const string Records = $"{LogBucket.Mine}\n{LogBucket.Other}\n{LogBucket.Mine}\n";
    private LogBucket _logs = null!;

    public static TheoryData<string> Compressions => ["gzip", "gzip-gzip", "gzip-zstd", "zstd", "zstd-skippable", "snappy", "hadoop-snappy", "java-snappy", "zip", "zip-two", "gzip-zip"];

    public async ValueTask InitializeAsync() => _logs = await LogBucket.StartAsync();

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData("template }{ rendered\n at Foo.Bar\n\n\tindented\r\nlast \n")]
    [InlineData("{}{}\n  x\n")]
    [InlineData("\\frac{a}{b}\n\n {{ .Values.x }}{{ .Values.y }}\r\n")]
    [InlineData("{ not json }{ either }\n\n\tx")]
    [InlineData("  \n{\"a\":1}\n  {\"b\":2}{\"c\":3}\r\n")]
    [InlineData("\uFEFFfirst\r\n\r\n second\r\n")]
    [InlineData("{\"a\":x}{\"b\":1}\n\t\n")]
    public async Task Text_that_needs_no_filter_is_copied_byte_for_byte(string text)
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", text);
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", LogBucket.Gzip(text));

        string file = await CommandsAsync();

        // .NET's reader would drop the mark.
        string ended = text.EndsWith('\n') ? text : text + "\n";
        file.ShouldBe(text.Length > 0 && text[0] == '\uFEFF' ? ended[1..] + ended : text == "{}{}\n  x\n" ? "{}\n{}\n  x\n{}\n{}\n  x\n" : ended + ended);
    }

    [Theory]
    [InlineData("{\"a\":1}{\"b\":2}\n\n  text\r\n{\"c\":NaN}{\"d\":4}", "{\"a\":1}\n{\"b\":2}\n\n  text\r\n{\"c\":NaN}\n{\"d\":4}\n")]
    [InlineData("{\"a\":\"}{\"}{\"b\":2}", "{\"a\":\"}{\"}\n{\"b\":2}\n")]
    public async Task Concatenated_objects_get_a_line_each_and_all_else_stays(string content, string expected)
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", content);
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", LogBucket.Gzip(content));

        (await CommandsAsync()).ShouldBe(expected + expected);
    }

    [Fact]
    public async Task A_first_object_of_100_KiB_is_still_found_to_be_followed_by_another()
    {
        string first = $$"""{"x":"{{new string('x', 100_000)}}"}""";
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", first + first + LogBucket.Noise(1, 300_000));
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", LogBucket.Gzip(first + first));

        (await CommandsAsync()).Split('\n').Count(line => line == first).ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task What_is_compressed_is_opened_with_a_filter_and_without(string compression)
    {
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", Compress(Text, compression));
        await _logs.PutAsync("telemetry/2023/10/01/08/a", Compress(Records, compression));

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command", "telemetry"));

        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        files["command_20231001.log"].ShouldBe(compression == "zip-two" ? Text + Text : Text);
        files["telemetry_20231001.log"].ShouldBe(string.Concat(Enumerable.Repeat(LogBucket.Mine + "\n", compression == "zip-two" ? 4 : 2)));
        result.LeftOut.ShouldBeNull();
        _logs.Spooled.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task Long_compressed_objects_come_out_whole(string compression)
    {
        string text = LogBucket.Noise(5, 1_500_000);
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", Compress(text, compression));

        string file = await CommandsAsync();

        (file == (compression == "zip-two" ? text + text : text)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task What_is_cut_off_or_damaged_is_left_out_and_named(string compression)
    {
        byte[] whole = Compress(LogBucket.Noise(5, 400_000), compression);
        byte[] damaged = [.. whole];
        damaged[whole.Length / 2] ^= 0x55;
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", whole[..^(whole.Length / 3)]);
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", "whole\n");
        if (compression is not ("hadoop-snappy" or "java-snappy"))
        {
            // Those two have no checksum.
            await _logs.PutAsync("commands/THING00001/2023/10/01/c", damaged);
        }

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command"), o => o with { LostObjects = LostObjectPolicy.Skip });

        result.Skipped.Select(s => s.Key[^1]).ShouldBe(compression is "hadoop-snappy" or "java-snappy" ? ['a'] : ['a', 'c']);
        result.Skipped.ShouldAllBe(s => s.Reason.StartsWith("damaged: "));
        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldContain("whole\n");
        _logs.Spooled.ShouldBe(0);
    }

    [Theory]
    [InlineData("parquet", "Parquet")]
    [InlineData("utf-16", "UTF-16 text")]
    [InlineData("utf-16be", "UTF-16 text")]
    [InlineData("utf-16-unmarked", "UTF-16 text")]
    [InlineData("utf-16be-unmarked", "UTF-16 text")]
    [InlineData("utf-32", "UTF-32 text")]
    [InlineData("zlib", "compressed with zlib")]
    [InlineData("xz", "compressed with xz")]
    [InlineData("bzip2", "compressed with bzip2")]
    [InlineData("lz4", "compressed with lz4")]
    [InlineData("avro", "Avro")]
    [InlineData("orc", "ORC")]
    [InlineData("raw.snappy", "compressed with Snappy without a frame")]
    [InlineData("gzip-parquet", "Parquet")]
    [InlineData("gzip-gzip-gzip-gzip", "compressed more than 3 times")]
    public async Task What_is_not_read_is_left_out_by_its_name(string kind, string name)
    {
        await _logs.PutAsync($"commands/THING00001/2023/10/01/a.{kind}", Foreign(kind));
        await _logs.PutAsync("commands/THING00001/2023/10/01/b", "text\n");
        await _logs.PutAsync($"telemetry/2023/10/01/08/a.{kind}", Foreign(kind));
        await _logs.PutAsync("telemetry/2023/10/01/08/b", LogBucket.Mine);

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command", "telemetry"), o => o with { LostObjects = LostObjectPolicy.Skip });

        result.Skipped.Select(s => s.Reason).ShouldBe([$"{name}: not read", $"{name}: not read"]);
        Dictionary<string, string> files = await LogBucket.ReadAsync(result);
        files["command_20231001.log"].ShouldBe("text\n");
        files["telemetry_20231001.log"].ShouldBe(LogBucket.Mine + "\n");
        (await Should.ThrowAsync<InvalidDataException>(() => _logs.ExportAsync(LogBucket.Request("command")))).Message.ShouldContain($"01/a.{kind} is {name}: not read");
    }

    [Fact]
    public async Task Arrays_and_objects_of_records_are_opened()
    {
        await _logs.PutAsync("telemetry/2023/10/01/08/a", $"[\n{LogBucket.Mine},\n{LogBucket.Other},\n{LogBucket.Mine}\n]\n");
        await _logs.PutAsync("telemetry/2023/10/01/08/b", $"{{ \"Records\": [{LogBucket.Mine},{LogBucket.Other},{{\"thingName\":\"OTHER\",\"v\":nope}},{LogBucket.Mine}] }}{{\"Records\":[{LogBucket.Mine}]}}");
        await _logs.PutAsync("telemetry/2023/10/01/08/c", LogBucket.Gzip($"[{string.Join(',', Enumerable.Repeat(LogBucket.Mine, 10_000))}]"));
        await _logs.PutAsync("telemetry/2023/10/01/08/d", "[]\n{\"Records\":[]}\n[[" + LogBucket.Mine + "]]");

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request());

        (result.Records, result.UnreadableRecords).ShouldBe((2 + 3 + 10_000 + 1, 1));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[ ]\n[\n]\n")]
    [InlineData("{\"Records\":[]}")]
    [InlineData("{ \"Records\" : [ ] }\n{\"Records\":[]}{\"Records\":[]}")]
    public async Task A_batch_without_records_holds_nothing_that_could_not_be_read(string empty)
    {
        await _logs.PutAsync("telemetry/2023/10/01/08/a", empty);
        await _logs.PutAsync("telemetry/2023/10/01/08/b", empty + LogBucket.Mine + "\n" + empty + "\n" + LogBucket.Mine);

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request());

        (result.Records, result.UnreadableRecords, result.LeftOut).ShouldBe((2, 0, null));
    }

    [Fact]
    public async Task Compressed_files_in_a_ZIP_are_opened_too()
    {
        byte[] one = GzipOf(Encoding.UTF8.GetBytes(LogBucket.Mine));
        await _logs.PutAsync("telemetry/2023/10/01/08/a", Zip(one));
        await _logs.PutAsync("telemetry/2023/10/01/08/b", Zip(GzipOf(Encoding.UTF8.GetBytes(LogBucket.Mine + "\n")), one));
        await _logs.PutAsync("commands/THING00001/2023/10/01/a", Zip(Zstd("one\n"u8.ToArray())));

        LogExportResult result = await _logs.ExportAsync(LogBucket.Request("command", "telemetry"), o => o with { LostObjects = LostObjectPolicy.Skip });

        (result.Records, result.LeftOut).ShouldBe((4, null));
        (await LogBucket.ReadAsync(result))["command_20231001.log"].ShouldBe("one\n");
    }

    [Fact]
    public async Task A_record_that_has_records_inside_stays_a_record()
    {
        string record = """{"Records":[{"a":1}],"thingName":"THING00001","timestamp":1696150800000}""";
        await _logs.PutAsync("telemetry/2023/10/01/08/a", record + record);

        (await LogBucket.ReadAsync(await _logs.ExportAsync(LogBucket.Request())))["telemetry_20231001.log"].ShouldBe($"{record}\n{record}\n");
    }

    private async Task<string> CommandsAsync() => (await LogBucket.ReadAsync(await _logs.ExportAsync(LogBucket.Request("command"))))["command_20231001.log"];

    private static byte[] Compress(string text, string how)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (how == "zip-two")
        {
            return Zip(bytes, bytes);
        }

        foreach (string layer in how.Split('-').Reverse())
        {
            bytes = (layer, how) switch
            {
                ("snappy", "hadoop-snappy") => HadoopSnappy(bytes),
                ("snappy", "java-snappy") => JavaSnappy(bytes),
                ("snappy", _) => Framed(bytes),
                ("zstd", _) => Zstd(bytes),
                ("skippable", _) or ("hadoop", _) or ("java", _) => bytes,
                ("zip", _) => Zip(bytes),
                _ => GzipOf(bytes),
            };
        }

        return how == "zstd-skippable" ? [0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9, .. bytes] : bytes;
    }

    private static byte[] Foreign(string kind) => kind switch
    {
        "parquet" => [.. "PAR1"u8, 0x15, 0x04, 0x15, 0x10, .. "PAR1"u8],
        "utf-16" => [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Records)],
        "utf-16be" => [0xfe, 0xff, .. Encoding.BigEndianUnicode.GetBytes(Records)],
        "utf-16-unmarked" => Encoding.Unicode.GetBytes(Records),
        "utf-16be-unmarked" => Encoding.BigEndianUnicode.GetBytes(Records),
        "zlib" => ZlibOf(Encoding.UTF8.GetBytes(Records)),
        "utf-32" => [0xff, 0xfe, 0, 0, .. Encoding.UTF32.GetBytes(Records)],
        "xz" => [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 4],
        "bzip2" => [.. "BZh9"u8, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
        "lz4" => [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40],
        "avro" => [.. "Obj"u8, 1, 4, 20],
        "orc" => [.. "ORC"u8, 0x83, 0],
        "raw.snappy" => Snappy.CompressToArray(Encoding.UTF8.GetBytes(Records)),
        "gzip-parquet" => GzipOf([.. "PAR1"u8, 0x15, 0x04]),
        _ => GzipOf(GzipOf(GzipOf(GzipOf(Encoding.UTF8.GetBytes(Records))))),
    };

    private static byte[] GzipOf(byte[] bytes)
    {
        var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return file.ToArray();
    }

    private static byte[] ZlibOf(byte[] bytes)
    {
        var file = new MemoryStream();
        using (var zlib = new ZLibStream(file, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return file.ToArray();
    }

    private static byte[] Zstd(byte[] bytes)
    {
        var file = new MemoryStream();
        using (var zstd = new CompressionStream(file, leaveOpen: true))
        {
            zstd.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
            zstd.Write(bytes);
        }

        return file.ToArray();
    }

    private static byte[] Framed(byte[] bytes)
    {
        var file = new MemoryStream();
        using (var snappy = new SnappyStream(file, CompressionMode.Compress, leaveOpen: true))
        {
            snappy.Write(bytes);
        }

        return file.ToArray();
    }

    private static byte[] HadoopSnappy(byte[] bytes)
    {
        var file = new MemoryStream();
        foreach (byte[] block in bytes.Chunk(100_000))
        {
            Number(file, block.Length);
            foreach (byte[] piece in block.Chunk(60_000))
            {
                byte[] compressed = Snappy.CompressToArray(piece);
                Number(file, compressed.Length);
                file.Write(compressed);
            }
        }

        return file.ToArray();
    }

    private static byte[] JavaSnappy(byte[] bytes)
    {
        var file = new MemoryStream();
        file.Write([0x82, .. "SNAPPY"u8, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
        foreach (byte[] piece in bytes.Chunk(32_768))
        {
            byte[] compressed = Snappy.CompressToArray(piece);
            Number(file, compressed.Length);
            file.Write(compressed);
        }

        return file.ToArray();
    }

    private static byte[] Zip(params byte[][] files)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("folder/");
            for (int i = 0; i < files.Length; i++)
            {
                using Stream entry = zip.CreateEntry($"folder/{i}.log").Open();
                entry.Write(files[i]);
            }
        }

        return file.ToArray();
    }

    private static void Number(MemoryStream file, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        file.Write(bytes);
    }
}
