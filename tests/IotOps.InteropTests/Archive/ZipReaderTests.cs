using System.Text.Json;
using IotOps.Archive;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Archive;

/// <summary>Zips of ours, read by programs that we did not write: what comes out is what went in, byte for byte.</summary>
public sealed class ZipReaderTests(InteropPeers peers)
{
    private const int MoreThanTheOldDirectoryCounts = 66_000;

    private static readonly Dictionary<string, string> Utf8 = new(StringComparer.Ordinal) { ["LC_ALL"] = "C.UTF-8" };

    public static TheoryData<string> Kinds => ["every kind", "bound", "many", "pieces"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Unzip_reads_it(string kind)
    {
        string unzip = peers.Require("unzip").Program;
        using var directory = new TempDirectory(inMemory: true);
        await WriteAsync(kind, directory);

        await PeerCommand.RunAsync(unzip, ["-tqq", directory["a.zip"]], Utf8);
        await PeerCommand.RunAsync(unzip, ["-qq", directory["a.zip"], "-d", directory["out"]], Utf8);

        await CompareAsync(directory, "tree", directory["out"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SevenZip_reads_it_without_a_warning(string kind)
    {
        string sevenZip = peers.Require("7z").Program;
        using var directory = new TempDirectory(inMemory: true);
        await WriteAsync(kind, directory);

        string told = await PeerCommand.RunAsync(sevenZip, ["t", directory["a.zip"]], Utf8);
        await PeerCommand.RunAsync(sevenZip, ["x", "-bd", "-y", "-o" + directory["out"], directory["a.zip"]], Utf8);

        told.ShouldContain("Everything is Ok");
        told.ShouldNotContain("WARNING");
        await CompareAsync(directory, "tree", directory["out"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bsdtar_reads_it_from_the_file_and_as_a_stream(string kind)
    {
        string bsdtar = peers.Require("bsdtar").Program;
        using var directory = new TempDirectory(inMemory: true);
        await WriteAsync(kind, directory);

        Directory.CreateDirectory(directory["file"]);
        Directory.CreateDirectory(directory["stream"]);
        await PeerCommand.RunAsync(bsdtar, ["-xf", directory["a.zip"], "-C", directory["file"]], Utf8);
        await PeerCommand.RunAsync("sh", ["-c", "cat \"$1\" | \"$0\" -xf - -C \"$2\"", bsdtar, directory["a.zip"], directory["stream"]], Utf8);

        await CompareAsync(directory, "tree", directory["file"]);
        await CompareAsync(directory, "tree", directory["stream"]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Python_reads_it(string kind)
    {
        using var directory = new TempDirectory(inMemory: true);
        await WriteAsync(kind, directory);

        await CompareAsync(directory, "zipfile", directory["a.zip"]);
    }

    [Theory]
    [InlineData("java-17")]
    [InlineData("unzipper")]
    public async Task A_reader_of_pipes_without_ZIP64_reads_entries_that_are_bound_below_4_GiB(string reader)
    {
        Peer peer = peers.Require(reader);
        using var directory = new TempDirectory(inMemory: true);
        await WriteAsync("bound", directory);
        string script = Path.Combine(AppContext.BaseDirectory, "Archive", reader == "java-17" ? "ZipStreamRead.java" : "zip_stream_read.js");

        string told = await PeerCommand.RunAsync("sh", ["-c", "\"$0\" \"$1\" < \"$2\"", peer.Program, script, directory["a.zip"]], Utf8);

        Dictionary<string, string> expected = JsonSerializer.Deserialize(await File.ReadAllTextAsync(directory["expected.json"]), InteropJson.Default.DictionaryStringString)!;
        told.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(expected.Select(file => $"{file.Key}\t{file.Value}"), ignoreOrder: true);
    }

    [Theory]
    [InlineData(64 << 20)]
    [InlineData(64 << 10)]
    public async Task Gzip_of_every_shape_that_zlib_makes_is_spliced(int held)
    {
        using var directory = new TempDirectory(inMemory: true);
        Directory.CreateDirectory(directory["gz"]);
        string script = Path.Combine(AppContext.BaseDirectory, "Archive", "gzip_shapes.py");
        await PeerCommand.RunAsync(peers.Require("python3").Program, [script, directory["gz"], directory["expected.json"]], Utf8);
        var options = new GzipSpliceOptions { EndWithNewline = false, BufferBytes = held };
        await using (FileStream output = File.Create(directory["a.zip"]))
        {
            await using var zip = new ZipStreamWriter(output);
            foreach (string path in Directory.EnumerateFiles(directory["gz"]))
            {
                await using FileStream file = File.OpenRead(path);
                zip.OpenEntry(Path.GetFileNameWithoutExtension(path), DateTimeOffset.UnixEpoch.AddYears(30));
                await zip.AppendGzipAsync(file, options);
                await zip.CloseEntryAsync();
            }

            await zip.CompleteAsync();
        }

        await CompareAsync(directory, "zipfile", directory["a.zip"]);
    }

    private static async Task WriteAsync(string kind, TempDirectory directory)
    {
        var sources = new ZipSources();
        await using (FileStream output = File.Create(directory["a.zip"]))
        {
            await (kind switch
            {
                "many" => sources.WriteManyAsync(output, MoreThanTheOldDirectoryCounts),
                "bound" => sources.WriteEveryKindAsync(output, largest: 1L << 30),
                "pieces" => sources.WriteInPiecesAsync(output),
                _ => sources.WriteEveryKindAsync(output),
            });
        }

        await File.WriteAllTextAsync(directory["expected.json"], sources.Expected());
    }

    // Every Python compares; it is a peer of its own only where it reads the zip itself.
    private async Task CompareAsync(TempDirectory directory, string how, string what)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Archive", "zip_compare.py");
        string told = await PeerCommand.RunAsync(peers.Require("python3").Program, [script, directory["expected.json"], how, what], Utf8);
        told.ShouldContain(" 0 wrong");
    }
}
