using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetConsole.Frame;

namespace IotOps.Samples.FleetConsole.SignIn;

/// <summary>Makes and takes away tokens.</summary>
internal static class TokenCommands
{
    private static readonly CommandOption File = new("--tokens", "FILE", "The file of token hashes.") { Required = true };
    private static readonly CommandOption Name = new("--name", "NAME", "Who it is for, as the audit log names them.") { Required = true };

    public static IReadOnlyList<Command> All { get; } =
    [
        new Command
        {
            Name = "token add",
            Summary = "Make a token to sign in with and print it, once. Only its hash is kept.",
            Options = [File, Name, new("--role", "ROLE", "viewer looks, responder also acts; viewer unless given."), new("--days", "DAYS", "How long it is valid; 90 days unless given.")],
            RunAsync = AddAsync,
        },
        new Command
        {
            Name = "token remove",
            Summary = "Take away the tokens of a name; their sessions end with the next request.",
            Options = [File, Name],
            RunAsync = RemoveAsync,
        },
    ];

    private static async Task<int> AddAsync(CommandArguments arguments)
    {
        string role = arguments["--role"] ?? Roles.Viewer;
        string name = arguments["--name"]!;
        if (!Roles.IsRole(role))
        {
            throw new UsageException($"--role is viewer or responder, not '{role}'");
        }

        if (name.Length is 0 or > 100 || name.Any(char.IsControl))
        {
            throw new UsageException("--name has 1 to 100 characters, none of them a control character");
        }

        DateTimeOffset expires = TimeProvider.System.GetUtcNow().AddDays(arguments.Integer("--days", 1, 3_650) ?? 90);
        (string token, TokenRecord record) = TokenRecord.Make(name, role, expires);
        try
        {
            new TokenFile(arguments["--tokens"]!).Add(record);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"FleetConsole: {e.Message}");
            return 1;
        }

        await Console.Out.WriteLineAsync(token);
        return 0;
    }

    private static async Task<int> RemoveAsync(CommandArguments arguments)
    {
        try
        {
            int count = new TokenFile(arguments["--tokens"]!).Remove(arguments["--name"]!);
            await Console.Error.WriteLineAsync(count == 0 ? $"FleetConsole: there is no token of '{arguments["--name"]}'" : $"Took away {count}.");
            return count == 0 ? 1 : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"FleetConsole: {e.Message}");
            return 1;
        }
    }
}
