using System.Diagnostics;
using System.Runtime.InteropServices;

[assembly: AssemblyFixture(typeof(IotOps.AotSmoke.NativeLogExport))]

namespace IotOps.AotSmoke;

/// <summary>The log export as its Dockerfile publishes it: a native binary, made once for all tests.</summary>
public sealed class NativeLogExport : IAsyncLifetime
{
    private const string Run = "RUN dotnet publish ";

    /// <summary>Absolute path of the binary.</summary>
    public string Path { get; private set; } = "";

    /// <summary>Output of the publishing.</summary>
    public string PublishOutput { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string repository = Repository.Root;
        string folder = System.IO.Path.Combine(repository, "artifacts", "publish", "LogExport", "aot");
        string[] dockerfile = await File.ReadAllLinesAsync(System.IO.Path.Combine(repository, "deploy", "slack-export", "Dockerfile"));
        string line = dockerfile.Single(l => l.StartsWith(Run, StringComparison.Ordinal))["RUN ".Length..];
        line.ShouldEndWith(" -r linux-x64 -o /app");
        line = line.Replace("linux-x64", $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}", StringComparison.Ordinal)
            .Replace("-o /app", $"-o '{folder}'", StringComparison.Ordinal);
        using Process publish = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{line} --nologo"])
        {
            WorkingDirectory = repository,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        PublishOutput = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        publish.ExitCode.ShouldBe(0, PublishOutput);
        Path = System.IO.Path.Combine(folder, "LogExport");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
