using System.Globalization;
using Xunit;

namespace IotOps.Emulator.Xunit;

/// <summary>
/// One emulator for several tests: <c>class MyTests(EmulatorFixture emulator) : IClassFixture&lt;EmulatorFixture&gt;</c>, or
/// <c>[assembly: AssemblyFixture(typeof(EmulatorFixture))]</c> for all of an assembly. Tests that share it run side by side: give each its
/// own bucket, thing and log group with <see cref="NewName"/>. Derive from it to choose the emulator's options.
/// </summary>
public class EmulatorFixture : IAsyncLifetime
{
    private static int s_names;

    private AwsEmulator? _aws;

    /// <summary>The emulator.</summary>
    /// <exception cref="InvalidOperationException">xunit has not started the fixture.</exception>
    public AwsEmulator Aws => _aws ?? throw new InvalidOperationException("The emulator is not running: take the fixture as a parameter of the test class's constructor.");

    /// <summary>
    /// The standard variables that lead a program to the emulator: <c>AWS_ENDPOINT_URL</c>, <c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c> and
    /// <c>AWS_REGION</c> (<c>us-east-1</c>), for a process that a test starts.
    /// </summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AWS_ENDPOINT_URL"] = Aws.Endpoint.ToString(),
        ["AWS_ACCESS_KEY_ID"] = Aws.AccessKeyId,
        ["AWS_SECRET_ACCESS_KEY"] = Aws.SecretAccessKey,
        ["AWS_REGION"] = "us-east-1",
    };

    /// <summary>The options that the emulator starts with; its defaults unless a derived class has others.</summary>
    protected virtual EmulatorOptions Options => new();

    /// <summary>A name that no other test of this process has, good for a bucket, a thing, a queue and a log group.</summary>
    /// <param name="prefix">What it begins with: lower-case letters, digits and hyphens, such as <c>pump</c>.</param>
    public static string NewName(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref s_names)}");
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _aws = await AwsEmulator.StartAsync(Options).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_aws is { } aws)
        {
            _aws = null;
            await aws.DisposeAsync().ConfigureAwait(false);
        }
    }
}
