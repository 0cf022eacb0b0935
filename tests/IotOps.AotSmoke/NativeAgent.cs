using System.Diagnostics;
using System.Runtime.InteropServices;

[assembly: AssemblyFixture(typeof(IotOps.AotSmoke.NativeAgent))]

namespace IotOps.AotSmoke;

/// <summary>The device agent as a native binary: published once for all tests.</summary>
public sealed class NativeAgent : IAsyncLifetime
{
    /// <summary>Absolute path of the binary.</summary>
    public string Path { get; private set; } = "";

    /// <summary>Absolute path of the repository.</summary>
    public string Repository { get; } = RepositoryRoot();

    /// <summary>What the publishing printed.</summary>
    public string PublishOutput { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Repository,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList = { "publish", "samples/DeviceAgent", "-r", rid, "-c", "Release", "--nologo" },
        };
        using Process publish = Process.Start(start)!;
        PublishOutput = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        publish.ExitCode.ShouldBe(0, PublishOutput);
        Path = System.IO.Path.Combine(Repository, "artifacts", "publish", "DeviceAgent", $"release_{rid}", "DeviceAgent");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string RepositoryRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(System.IO.Path.Combine(directory, "IotOps.slnx")))
        {
            directory = System.IO.Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException($"No IotOps.slnx above {AppContext.BaseDirectory}.");
    }
}
