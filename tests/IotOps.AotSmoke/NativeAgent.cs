using System.Diagnostics;
using System.Runtime.InteropServices;

[assembly: AssemblyFixture(typeof(IotOps.AotSmoke.NativeAgent))]

namespace IotOps.AotSmoke;

/// <summary>The device agent as a native binary: published once for all tests.</summary>
public sealed class NativeAgent : IAsyncLifetime
{
    /// <summary>Absolute path of the binary.</summary>
    public string Path { get; private set; } = "";

    /// <summary>What the publishing printed.</summary>
    public string PublishOutput { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList = { "publish", "samples/DeviceAgent", "-r", rid, "-c", "Release", "--nologo" },
        };
        using Process publish = Process.Start(start)!;
        PublishOutput = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        publish.ExitCode.ShouldBe(0, PublishOutput);
        Path = System.IO.Path.Combine(Repository.Root, "artifacts", "publish", "DeviceAgent", $"release_{rid}", "DeviceAgent");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
