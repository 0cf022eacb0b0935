using System.Diagnostics;
using System.Globalization;
using IotOps.FleetConsole.DatabaseTests;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace IotOps.FleetConsole.DatabaseTests;

/// <summary>
/// Debian's PostgreSQL on a socket in a folder of its own, started for these tests. It refuses to run as root, so that root starts it as the user
/// postgres of the package.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private string? _folder;
    private int _databases;

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        if (Programs is null)
        {
            const string Missing = "PostgreSQL is not installed: apt-get install postgresql, or ./test.sh --install-peers.";
            Assert.SkipWhen(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")), Missing);
            Assert.Fail(Missing);
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"console{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection($"Host={_folder};Username=postgres;Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return $"Host={_folder};Username=postgres;Database={name};Pooling=false";
    }

    public async ValueTask InitializeAsync()
    {
        if (Programs is null)
        {
            return;
        }

        _folder = (await RunAsync("mktemp", "-d", "/tmp/fleet-console-postgres.XXXXXX")).Trim();
        await RunAsync(Path.Combine(Programs, "initdb"), "-D", $"{_folder}/data", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync");
        await RunAsync(
            Path.Combine(Programs, "pg_ctl"), "-D", $"{_folder}/data", "-w", "-t", "60", "-l", $"{_folder}/log", "-o", $"-k {_folder} -c listen_addresses= -c fsync=off -c max_connections=50", "start");
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await RunAsync(Path.Combine(Programs!, "pg_ctl"), "-D", $"{_folder}/data", "-m", "immediate", "stop");
            await RunAsync("rm", "-rf", _folder);
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        // The server stays behind and holds the outputs that it got: those of pg_ctl are not waited for.
        bool isServer = arguments[^1] == "start";
        string[] command = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = !isServer, RedirectStandardError = !isServer, WorkingDirectory = "/" })!;
        Task<string> output = isServer ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync();
        Task<string> error = isServer ? Task.FromResult("") : process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await error}");
    }
}
