using IotOps.InteropTests.Peers;
using IotOps.TestKit;

[assembly: AssemblyFixture(typeof(InteropPeers))]

namespace IotOps.InteropTests.Peers;

/// <summary>
/// The programs of other makers that our side is checked against: finds them, starts those that are servers at first
/// use, and stops them at the end. Prints a line for each that is here, also to the file that IOTOPS_PEERS_FILE names.
/// </summary>
public sealed class InteropPeers : IAsyncLifetime
{
    // By its path: what "java" starts may be a later one, which reads more.
    private static readonly string[] Javas17 = ["/usr/lib/jvm/java-17-openjdk-amd64/bin/java", "/usr/lib/jvm/java-17-openjdk-arm64/bin/java"];
    private static readonly string[] JournalRemotes = ["/lib/systemd/systemd-journal-remote", "/usr/lib/systemd/systemd-journal-remote"];
    private static readonly string[] Pythons = ["python3", "/usr/bin/python3"];

    private readonly Dictionary<string, Peer> _peers = new(StringComparer.Ordinal);
    private readonly TempDirectory _directory = new();
    private readonly Lazy<Task<PeerServer>> _moto;
    private readonly Lazy<Task<PeerServer>> _mosquitto;

    public InteropPeers()
    {
        _moto = new(() => PeerServer.StartAsync(port => [Require("moto").Program, "-m", "moto.server", "-H", "127.0.0.1", "-p", port.ToString()]));
        _mosquitto = new(() => PeerServer.StartAsync(MosquittoCommand));
    }

    /// <summary>A peer, or a skipped test when this machine has none; with CI=true a failed one.</summary>
    public Peer Require(string name)
    {
        if (_peers.TryGetValue(name, out Peer? peer))
        {
            return peer;
        }

        string reason = $"The interop peer {name} is not on this machine.";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{reason} With CI=true every peer must be there.");
        }

        Assert.Skip(reason);
        return null!;
    }

    /// <summary>moto_server, started at the first call: AWS as another maker understands it.</summary>
    public async Task<Uri> MotoAsync()
    {
        Require("moto");
        return new Uri($"http://127.0.0.1:{(await _moto.Value).Port}");
    }

    /// <summary>Port of mosquitto, started at the first call: MQTT 3.1.1 and 5, anonymous, nothing kept.</summary>
    public async Task<int> MosquittoAsync()
    {
        Require("mosquitto");
        return (await _mosquitto.Value).Port;
    }

    public async ValueTask InitializeAsync()
    {
        Peer?[] found = await Task.WhenAll(
            FindAsync("boto3", Pythons, ["-c", "import boto3; print('boto3', boto3.__version__)"]),
            FindAsync("moto", Pythons, ["-c", "import moto, moto.server; print('moto', moto.__version__)"]),
            FindAsync("cbor2", Pythons, ["-c", "import cbor2, importlib.metadata as m; print('cbor2', m.version('cbor2'))"]),
            FindAsync("psutil", Pythons, ["-c", "import psutil; print('psutil', psutil.__version__)"]),
            FindAsync("sam", Pythons, ["-c", "import samtranslator, cfnlint, importlib.metadata as m; print('aws-sam-translator', m.version('aws-sam-translator'))"]),
            FindAsync("rsa", Pythons, ["-c", "import rsa, importlib.metadata as m; print('rsa', m.version('rsa'))"]),
            FindAsync("ss", ["ss"], ["-V"]),
            FindAsync("aws-cli", ["aws"], ["--version"]),
            FindAsync("mosquitto", ["mosquitto", "/usr/sbin/mosquitto"], ["-h"]),
            FindAsync("systemd-journal-remote", JournalRemotes, ["--version"]),
            FindAsync("softhsm2", ["softhsm2-util"], ["--version"]),
            FindAsync("openssl-pkcs11", ["openssl"], ["engine", "-t", "pkcs11"]),
            FindAsync("mosquitto-clients", ["mosquitto_sub"], ["--version"]),
            FindAsync("python3", Pythons, ["--version"]),
            FindAsync("faketime", ["faketime"], ["--version"]),
            FindAsync("systemd-analyze", ["systemd-analyze"], ["--version"]),
            FindAsync("unzip", ["unzip"], ["-v"]),
            FindAsync("bsdtar", ["bsdtar"], ["--version"]),
            FindAsync("7z", ["7z"], ["i"]),
            FindAsync("java-17", Javas17, ["--version"]),
            FindAsync("unzipper", ["node"], ["-p", "'unzipper ' + require('unzipper/package.json').version"]),
            FindAsync("mqtt.js", ["node"], ["-p", "'MQTT.js ' + require('mqtt/package.json').version"]),
            FindAsync("aws-sdk-js", ["node"], ["-p", "require('@aws-sdk/lib-storage'); require('@aws-sdk/s3-request-presigner'); 'AWS SDK for JavaScript ' + require('@aws-sdk/client-s3/package.json').version"]),
            FindAsync("rclone", ["rclone"], ["version"]),
            FindAsync("s3cmd", ["s3cmd"], ["--version"]),
            FindAsync("cfn-lint", ["cfn-lint"], ["--version"]));
        foreach (Peer peer in found.OfType<Peer>())
        {
            _peers[peer.Name] = peer;
        }

        string[] lines = [.. _peers.Values.Select(p => $"interop peer {p.Name}: {p.Version}")];
        Console.WriteLine(string.Join(Environment.NewLine, lines));
        if (Environment.GetEnvironmentVariable("IOTOPS_PEERS_FILE") is { Length: > 0 } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await File.WriteAllLinesAsync(file, lines);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<PeerServer>> server in new[] { _moto, _mosquitto })
        {
            if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await server.Value).DisposeAsync();
            }
        }

        _directory.Dispose();
    }

    // The first line that has something to say is the one with the version.
    private static async Task<Peer?> FindAsync(string name, string[] programs, string[] versionArguments)
    {
        foreach (string program in programs)
        {
            PeerResult result = await PeerCommand.TryRunAsync(program, versionArguments);
            string version = $"{result.Output}\n{result.Error}".Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
            bool answers = result.ExitCode == 0 || (result.ExitCode > 0 && name.StartsWith("mosquitto", StringComparison.Ordinal) && version.Contains("version", StringComparison.Ordinal));
            if (answers)
            {
                return new Peer(name, program, version);
            }
        }

        return null;
    }

    private List<string> MosquittoCommand(int port)
    {
        string configuration = _directory[$"mosquitto-{port}.conf"];
        File.WriteAllText(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n");
        return [Require("mosquitto").Program, "-c", configuration];
    }
}
