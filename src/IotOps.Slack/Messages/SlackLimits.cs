namespace IotOps.Slack.Messages;

/// <summary>What Slack takes. See https://docs.slack.dev/reference/block-kit/blocks.</summary>
internal static class SlackLimits
{
    public const int Blocks = 50;
    public const int MessageBytes = 13_000;
    public const int TextChars = 4_000;
    public const int SectionChars = 3_000;
    public const int ContextElements = 10;
    public const int ContextChars = 2_000;
    public const int ActionElements = 25;
    public const int ButtonChars = 75;
    public const int UrlChars = 3_000;
}
