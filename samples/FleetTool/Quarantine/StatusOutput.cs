using System.Text;
using IotOps.Detect;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Quarantine;

/// <summary>Prints how a quarantine stands.</summary>
internal static class StatusOutput
{
    /// <returns>The exit code: 1 when something stopped it.</returns>
    public static int Write(QuarantineStatus status, bool isJson)
    {
        Print(isJson ? Encoding.UTF8.GetString(status.ToUtf8Json()) : status.ToText());
        return status.Problem is null ? 0 : 1;
    }

    public static int Write(QuarantinePlan plan, bool isJson)
    {
        Print(isJson ? Encoding.UTF8.GetString(plan.ToUtf8Json()) : plan.ToText());
        return plan.IsAllowed ? 0 : 1;
    }

    private static void Print(string text)
    {
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            Console.WriteLine(TerminalText.Printable(line));
        }
    }
}
