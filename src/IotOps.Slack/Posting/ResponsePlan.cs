namespace IotOps.Slack.Posting;

/// <summary>How the five posts of 30 minutes are spent.</summary>
internal static class ResponsePlan
{
    public const int MaxPosts = 5;

    /// <summary>One for the end, and one for an error or for minute 28.</summary>
    private const int KeptForTheEnd = 2;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>When a job that still runs says so: late enough to be rare, early enough to get through.</summary>
    public static readonly TimeSpan LastWord = TimeSpan.FromMinutes(28);

    public static SlackPostOutcome? Refuses(SlackPostKind kind, int used, TimeSpan age)
    {
        if (used >= MaxPosts || age >= Lifetime)
        {
            return SlackPostOutcome.Expired;
        }

        bool mayWait = kind is SlackPostKind.Started or SlackPostKind.Progress;
        return mayWait && (used >= MaxPosts - KeptForTheEnd || age >= LastWord) ? SlackPostOutcome.KeptForLater : null;
    }
}
