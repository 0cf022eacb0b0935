namespace IotOps.Slack;

/// <summary>One thing that is wrong with a command.</summary>
/// <param name="Message">What is wrong, with which word, and what is right. Plain text; it quotes what the user typed.</param>
/// <param name="CorrectedCommand">A command that would be accepted, slash command included, as near to the typed one as could be guessed: to be pasted, looked at and sent.</param>
public sealed record LogExportProblem(string Message, string CorrectedCommand);
