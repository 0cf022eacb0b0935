using IotOps.Detect;
using IotOps.Slack;

namespace IotOps.Samples.FleetTool.Routing;

/// <summary>Posts alarms to a Slack channel, by a bot that was invited to it.</summary>
/// <param name="chat">The bot.</param>
/// <param name="channel">The channel's id.</param>
internal sealed class SlackAlarmSink(SlackChat chat, string channel) : IAlarmSink
{
    public string Name => $"slack {channel}";

    public async Task SendAsync(AlarmMessage message, CancellationToken cancellationToken) =>
        await chat.PostMessageAsync(channel, Of(message), cancellationToken: cancellationToken);

    /// <summary>What is said. Names and reasons come from devices: they show as they are, without markup.</summary>
    internal static SlackMessage Of(AlarmMessage message)
    {
        string icon = message switch
        {
            { IsDigest: true } => ":newspaper:",
            { State: FleetAlarmState.Raised } => ":rotating_light:",
            { State: FleetAlarmState.Cleared } => ":white_check_mark:",
            _ => ":grey_question:",
        };
        return new SlackMessage(
            SlackText.Shortened(message.Title, 300),
            [new SlackSection(SlackText.Markup($"{SlackText.FromString(icon)} *{SlackText.Shortened(message.Title.Replace('*', '∗'), 300)}*")), SlackSection.OfPlainText(message.Text)]);
    }
}
