using System.Text;

namespace IotOps.Samples.CommandLine;

/// <summary>The help texts.</summary>
internal static class Help
{
    public static string Of(CommandLineProgram program)
    {
        StringBuilder text = new StringBuilder().AppendLine(program.Summary).AppendLine().AppendLine("Commands:");
        AppendTable(text, [.. program.Commands.Select(c => new Row(c.Name, c.Summary))]);
        return text.AppendLine().AppendLine($"{program.Name} COMMAND --help tells a command's options.").ToString();
    }

    public static string Of(CommandLineProgram program, Command command)
    {
        StringBuilder text = new StringBuilder().AppendLine(command.Summary).AppendLine();
        text.Append("Usage: ").Append(program.Name);
        if (command.Name.Length > 0)
        {
            text.Append(' ').Append(command.Name);
        }

        foreach (CommandOption option in command.Options)
        {
            text.Append(option.Required ? $" {Left(option)}" : $" [{Left(option)}]");
        }

        text.AppendLine().AppendLine().AppendLine("Options:");
        AppendTable(text, [.. command.Options.Select(o => new Row(Left(o), o.Description)), new Row("--help", "This text.")]);
        return text.ToString();
    }

    private static string Left(CommandOption option) => option.Value is null ? option.Name : $"{option.Name} {option.Value}";

    private static void AppendTable(StringBuilder text, List<Row> rows)
    {
        int width = 0;
        foreach (Row row in rows)
        {
            width = Math.Max(width, row.Left.Length);
        }

        foreach ((string left, string right) in rows)
        {
            text.AppendLine($"  {left.PadRight(width)}  {right}");
        }
    }

    private sealed record Row(string Left, string Right);
}
