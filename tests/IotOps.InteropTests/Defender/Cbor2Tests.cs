using System.Buffers;
using IotOps.Defender;
using IotOps.Defender.Tests.Wire;
using IotOps.InteropTests.Peers;
using IotOps.TestKit;

namespace IotOps.InteropTests.Defender;

/// <summary>Python's cbor2 and json, which share no code with this project, read what the reports are written as.</summary>
public sealed class Cbor2Tests(InteropPeers peers) : IDisposable
{
    private const int Reports = 1000;

    private readonly TempDirectory _directory = new();

    [Fact]
    public async Task Random_reports_say_the_same_in_both_formats_and_cbor2_writes_the_same_bytes()
    {
        Peer python = peers.Require("cbor2");
        int written = 0;
        RandomReports.Check(
            report =>
            {
                DefenderNames names = written % 2 == 0 ? DefenderNames.LongNames : DefenderNames.ShortNames;
                Write($"{written:D4}.cbor", report, DefenderFormat.Cbor, names);
                Write($"{written:D4}.json", report, DefenderFormat.Json, names);
                written++;
            },
            Reports);

        (await CheckAsync(python)).ShouldBe(Reports);
    }

    [Fact]
    public async Task The_committed_vectors_are_what_cbor2_writes()
    {
        Peer python = peers.Require("cbor2");
        string[] vectors = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Vectors", "Defender"), "*.json");
        foreach (string vector in vectors)
        {
            string name = Path.GetFileNameWithoutExtension(vector);
            File.Copy(vector, _directory[name + ".json"]);
            await File.WriteAllBytesAsync(_directory[name + ".cbor"], Convert.FromHexString((await File.ReadAllTextAsync(Path.ChangeExtension(vector, ".cbor.hex"))).Trim()));
        }

        vectors.Length.ShouldBeGreaterThanOrEqualTo(8);
        (await CheckAsync(python)).ShouldBe(vectors.Length);
    }

    private async Task<int> CheckAsync(Peer python) => int.Parse(
        await PeerCommand.RunAsync(python.Program, [Path.Combine(AppContext.BaseDirectory, "Defender", "cbor2_check.py"), _directory.Path]));

    private void Write(string file, DefenderReport report, DefenderFormat format, DefenderNames names)
    {
        var target = new ArrayBufferWriter<byte>();
        report.WriteTo(target, format, names);
        File.WriteAllBytes(_directory[file], target.WrittenSpan);
    }

    public void Dispose() => _directory.Dispose();
}
