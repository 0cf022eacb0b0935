using IotOps.Emulator;
using IotOps.Samples.CommandLine;
using IotOps.Samples.EmulatorHost;

var program = new CommandLineProgram
{
    Name = "EmulatorHost",
    Summary = "AWS endpoints on this machine: CloudWatch Logs, S3, and IoT with MQTT, device shadows and the fleet index.",
    Commands =
    [
        new Command
        {
            Summary = "Serve them on loopback until SIGTERM or Ctrl+C.",
            Options =
            [
                new("--port", "PORT", "HTTP port of every service; 4566 unless given, 0 takes a free one."),
                new("--mqtt-port", "PORT", "Port of MQTT without TLS; a free one unless given."),
                new("--mqtts-port", "PORT", "Port of MQTT over TLS with client certificates; a free one unless given."),
                new("--thing", "NAMES", "Write new device certificates for these things, comma between them, to certificates/ in --data."),
                new("--fleet", "FILE", "Things for the fleet index: a JSON array of them, as aws iot search-index prints."),
                new("--image", "NAME=PROGRAM", "What jobs of a container image run on this machine: the program, and the job's command behind it."),
                new("--access-key", "ID", "Access key id to let in; AWS's public example unless given, with --secret-key."),
                new("--secret-key", "SECRET", "Its secret, which other users of this machine can read here: a test key, and no other."),
                new("--lenient-keys", null, "Let in the key test with the secret test, too."),
                new("--data", "DIR", "Keep objects and log events there over restarts; in memory unless given."),
                new("--discard", null, "Check and count log events, but do not keep them: for benchmarks."),
                new("--json", null, "Print what to connect with as one JSON object."),
            ],
            RunAsync = RunAsync,
        },
    ],
};
return await program.RunAsync(args);

static async Task<int> RunAsync(CommandArguments arguments)
{
    using var signals = new ShutdownSignals();
    if (arguments["--access-key"] is null != arguments["--secret-key"] is null)
    {
        throw new UsageException("--access-key and --secret-key need each other");
    }

    var options = new EmulatorOptions
    {
        Port = arguments.Integer("--port", 0, 65_535) ?? 4_566,
        Mqtt = new EmulatedMqttOptions
        {
            Port = arguments.Integer("--mqtt-port", 0, 65_535) ?? 0,
            TlsPort = arguments.Integer("--mqtts-port", 0, 65_535) ?? 0,
        },
        FleetQuery = FleetFile.ReadQuery,
        AcceptsTestKeys = arguments.Has("--lenient-keys"),
        DataDirectory = arguments["--data"],
        DiscardLogEvents = arguments.Has("--discard"),
    };
    if (arguments["--access-key"] is { } accessKey)
    {
        options = options with { AccessKeyId = accessKey, SecretAccessKey = arguments["--secret-key"]! };
    }

    string[] things = arguments["--thing"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
    if (things.Length > 0 && options.DataDirectory is null)
    {
        throw new UsageException("--thing needs --data DIR, where the certificates go");
    }

    AwsEmulator emulator;
    try
    {
        emulator = await AwsEmulator.StartAsync(options);
    }
    catch (IOException e)
    {
        throw new UsageException($"cannot start: {e.Message}");
    }

    await using (emulator)
    {
        if (arguments["--fleet"] is { } fleet)
        {
            FleetFile.Load(emulator, fleet);
        }

        if (arguments["--image"] is { } image)
        {
            emulator.Batch.AddImage(ReadImage(image));
        }

        string? certificates = things.Length > 0 ? CertificateFiles.Write(emulator, options.DataDirectory!, things) : null;
        await Console.Out.WriteLineAsync(arguments.Has("--json") ? ConnectionText.Json(emulator, certificates) : ConnectionText.Shell(emulator, certificates));
        try
        {
            await IdleTrim.RunAsync(TimeProvider.System, signals.Requested);
        }
        catch (OperationCanceledException)
        {
            // The signal is how this program ends.
        }
    }

    return 0;
}

static BatchImage ReadImage(string image) =>
    image.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } program]
        ? new BatchImage { Name = name, EntryPoint = [program] }
        : throw new UsageException($"--image is '{image}'; it is NAME=PROGRAM");
