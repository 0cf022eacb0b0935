using System.Globalization;
using System.Text.Json;
using IotOps.Aws;
using IotOps.Logs;
using IotOps.Samples.CommandLine;

namespace IotOps.Samples.DeviceAgent;

/// <summary>Uploads one file to Amazon S3.</summary>
internal static class PutCommand
{
    public static Command Command { get; } = new()
    {
        Name = "put",
        Summary = "Upload one file to Amazon S3.",
        Options =
        [
            new("--bucket", "BUCKET", "Bucket.") { Required = true },
            new("--key", "KEY", "Key of the object.") { Required = true },
            new("--file", "FILE", "The file.") { Required = true },
            new("--region", "REGION", "The bucket's region; by default the configuration's, else AWS_REGION."),
            new("--config", "FILE", "Configuration with the region and the device's own keys."),
            new("--growing", null, "The file may grow meanwhile: what it holds now is stored."),
            new("--first", "BYTES", "Upload only so many bytes from the file's start."),
            new("--json", null, "Print the stored object as JSON."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(CommandArguments arguments)
    {
        AgentConfig config = arguments["--config"] is { } path ? AgentConfigFile.Read(path) : new AgentConfig { StateDirectory = "" };
        config.Aws.Apply();
        using var signals = new ShutdownSignals();
        using AgentLog log = AgentLog.Open(config.Trace);
        try
        {
            using var uploader = new S3Uploader(new S3UploaderOptions
            {
                Credentials = AgentOptions.Credentials(config, log.Factory),
                LoggerFactory = log.Factory,
            });
            S3UploaderResult stored = await uploader.PutFileAsync(
                arguments["--region"] ?? AgentOptions.Region(config),
                arguments["--bucket"]!,
                arguments["--key"]!,
                arguments["--file"]!,
                new S3UploaderPutOptions { Progress = UploadProgress.OnTerminal(), MayGrow = arguments.Has("--growing"), MaxBytes = First(arguments) },
                signals.Requested);
            Print(arguments, stored);
            return 0;
        }
        catch (Exception e) when (e is AwsException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"DeviceAgent: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("DeviceAgent: stopped; nothing was stored");
            return 1;
        }
    }

    private static long? First(CommandArguments arguments) =>
        arguments["--first"] is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes
        : throw new UsageException($"--first must be a number of bytes, not '{text}'");

    private static void Print(CommandArguments arguments, S3UploaderResult stored)
    {
        string bucket = arguments["--bucket"]!, key = arguments["--key"]!;
        if (!arguments.Has("--json"))
        {
            Console.WriteLine($"s3://{bucket}/{key}: {stored.Bytes} bytes, etag {stored.ETag}");
            return;
        }

        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("bucket"u8, bucket);
            json.WriteString("key"u8, key);
            json.WriteNumber("bytes"u8, stored.Bytes);
            json.WriteNumber("parts"u8, stored.Parts);
            json.WriteString("etag"u8, stored.ETag);
            json.WriteString("versionId"u8, stored.VersionId);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
