namespace IotOps.Slack;

/// <summary>What a post to a response_url tells. Five posts are allowed, so each kind has its place in the plan.</summary>
public enum SlackPostKind
{
    /// <summary>The work has begun. Leaves two posts for the end.</summary>
    Started,

    /// <summary>The work goes on. Leaves two posts for the end; never tried again.</summary>
    Progress,

    /// <summary>The work will outlive the URL. May take the last post.</summary>
    StillRunning,

    /// <summary>The work is done. May take the last post.</summary>
    Done,

    /// <summary>The work failed. May take the last post.</summary>
    Error,
}
