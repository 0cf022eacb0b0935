using System.Diagnostics.CodeAnalysis;

namespace IotOps.Slack;

/// <summary>A command, or everything that is wrong with it.</summary>
public sealed class LogExportParseResult
{
    internal LogExportParseResult(LogExportCommand command) => Command = command;

    internal LogExportParseResult(IReadOnlyList<LogExportProblem> problems) => Problems = problems;

    /// <summary>The command; null when there are problems.</summary>
    public LogExportCommand? Command { get; }

    /// <summary>What is wrong, in the order of the words; empty when nothing.</summary>
    public IReadOnlyList<LogExportProblem> Problems { get; } = [];

    /// <summary>Whether there is a command.</summary>
    [MemberNotNullWhen(true, nameof(Command))]
    public bool IsCommand => Command is not null;

    /// <summary>The answer to a wrong command: each problem, then the corrected command to paste.</summary>
    /// <exception cref="InvalidOperationException">There are no problems.</exception>
    public SlackMessage ToProblemMessage()
    {
        if (Problems.Count == 0)
        {
            throw new InvalidOperationException("The command has no problems to tell of.");
        }

        var blocks = new List<SlackBlock>
        {
            new SlackSection(SlackText.Shortened(string.Join('\n', Problems.Select(p => "• " + p.Message)), 2_500)),
        };
        foreach (string corrected in Problems.Select(p => p.CorrectedCommand).Distinct(StringComparer.Ordinal))
        {
            blocks.Add(new SlackSection(SlackText.Markup($"Try {SlackText.Code(corrected)}")));
        }

        return new SlackMessage(SlackText.Shortened(Problems[0].Message, 500), blocks);
    }
}
