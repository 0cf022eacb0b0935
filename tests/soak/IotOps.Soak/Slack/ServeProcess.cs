using System.Diagnostics;
using IotOps.Emulator;
using IotOps.SlackExport.Tests;

namespace IotOps.Soak.Slack;

/// <summary>The real server, on one core.</summary>
internal sealed class ServeProcess : IDisposable
{
    private const string Listening = "Listening on ";

    private readonly Process _process;
    private readonly string _config;

    private ServeProcess(Process process, string config, Uri address)
    {
        _process = process;
        _config = config;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>What it used of its core so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServeProcess> StartAsync(AwsEmulator aws, string bucket, int core)
    {
        string config = Path.GetTempFileName();
        await File.WriteAllTextAsync(config,
            $$"""
            { bucket: '{{bucket}}', jobQueue: 'slack', jobDefinition: 'iot-log-export',
              categories: { command: { prefix: 'commands/{identifier}/{yyyy}/{MM}/{dd}/' } },
              slack: { responseHosts: ['{{aws.Endpoint.Authority}}'], authorization: { app: 'A0001', workspaces: [{ team: 'T0001', grants: [{ users: ['*'], categories: ['*'] }] }] } } }
            """);
        string dll = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "LogExport", new DirectoryInfo(AppContext.BaseDirectory).Name, "LogExport.dll"));

        // taskset becomes dotnet: the process that is measured is the one started.
        var start = new ProcessStartInfo("taskset", ["-c", $"{core}", "dotnet", dll, "serve", "--urls", "http://127.0.0.1:0", "--config", config])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["AWS_ENDPOINT_URL"] = aws.Endpoint.ToString(),
                ["AWS_ACCESS_KEY_ID"] = aws.AccessKeyId,
                ["AWS_SECRET_ACCESS_KEY"] = aws.SecretAccessKey,
                ["AWS_REGION"] = "us-east-1",
                ["SLACK_SIGNING_SECRET"] = SlackForm.Secret,
            },
        };
        Process process = Process.Start(start)!;
        Task<string> errors = DrainAsync(process.StandardError);
        string? line = await process.StandardOutput.ReadLineAsync();
        return line?.StartsWith(Listening, StringComparison.Ordinal) == true
            ? new ServeProcess(process, config, new Uri(line[Listening.Length..]))
            : throw new InvalidOperationException($"LogExport did not start: {await errors}");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_config);
    }

    // Its log is a line a request: read, so that it does not wait for a full pipe, and the first of it kept.
    private static async Task<string> DrainAsync(StreamReader reader)
    {
        string first = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            first = first.Length < 4_000 ? $"{first}{line}\n" : first;
        }

        return first;
    }
}
