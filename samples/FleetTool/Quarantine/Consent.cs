using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Quarantine;

/// <summary>Whether something is to be done, and not only said: the name of the thing typed in, or <c>--yes</c>.</summary>
internal static class Consent
{
    public static CommandOption[] Options { get; } =
    [
        new("--execute", null, "Do it, when the thing's name is typed in. Without it nothing is changed."),
        new("--yes", null, "Do it without asking."),
    ];

    public static bool IsAsked(CommandArguments arguments) => arguments.Has("--execute") || arguments.Has("--yes");

    /// <summary>Asks, unless <c>--yes</c> was given.</summary>
    public static bool Get(CommandArguments arguments, string what, string thing)
    {
        if (arguments.Has("--yes"))
        {
            return true;
        }

        Console.Error.Write(TerminalText.Printable($"{what} Type {thing} to do it: "));
        bool isGiven = string.Equals(Console.In.ReadLine()?.Trim(), thing, StringComparison.Ordinal);
        if (!isGiven)
        {
            Console.Error.WriteLine("Nothing was changed.");
        }

        return isGiven;
    }
}
