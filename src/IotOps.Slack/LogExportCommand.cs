using IotOps.Slack.Commands;

namespace IotOps.Slack;

/// <summary>
/// What a user asks of the log export: a <see cref="LogExportQuery"/>, <see cref="LogExportLink"/>, <see cref="LogExportStatus"/>,
/// <see cref="LogExportRevoke"/> or <see cref="LogExportHelp"/>. Immutable and compared by value; <see cref="object.ToString"/> gives the canonical text, which parses back to an
/// equal command.
/// </summary>
public abstract record LogExportCommand
{
    private protected LogExportCommand()
    {
    }

    /// <summary>
    /// Reads <c>IDENTIFIER[,IDENTIFIER] CATEGORY[,CATEGORY] DATE[..DATE] [environment]</c> with <c>hours=08:00..10:30</c>, <c>contains="text"</c> or <c>matches="regex"</c> anywhere, <c>link ID</c>, <c>status ID</c>, <c>revoke ID</c> or <c>help</c>. What Slack and phones make of
    /// typed text is undone first: markup, entities, curly quotes, dashes, full-width digits, spaces of all widths and of none.
    /// </summary>
    /// <param name="text">The text behind the slash command; it may begin with the command itself.</param>
    /// <param name="options">What may be asked for.</param>
    /// <returns>The command, or what is wrong with it; never an exception over the text.</returns>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public static LogExportParseResult Parse(string text, LogExportCommandOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        return new CommandParser(new Vocabulary(options)).Parse(text);
    }

    /// <summary>The canonical text, without the slash command.</summary>
    public sealed override string ToString() => Format();

    private protected abstract string Format();
}
