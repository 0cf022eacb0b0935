namespace IotOps.Slack;

/// <summary>What became of a post, and why. Names neither the URL nor the text.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">Why, for a log. Empty when posted, unless a bot was to post it and Slack refused that: then why, and the response_url took it.</param>
public readonly record struct SlackPostResult(SlackPostOutcome Outcome, string Detail)
{
    /// <summary>Whether Slack took it.</summary>
    public bool IsPosted => Outcome == SlackPostOutcome.Posted;
}
