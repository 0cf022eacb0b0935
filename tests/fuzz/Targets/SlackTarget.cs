using System.Text;
using IotOps.Slack;
using IotOps.Slack.Forms;

namespace IotOps.Fuzz.Targets;

/// <summary>A form that Slack posts, with a command in it; or, when the first byte is a space, a command alone.</summary>
internal sealed class SlackTarget : IFuzzTarget
{
    private static readonly LogExportCommandOptions s_options = new() { TimeProvider = new FixedTime(), Environments = ["prod", "dev"], DefaultEnvironment = "dev" };

    public string Name => "slack";

    public IEnumerable<byte[]> Seeds => FuzzTargets.Bytes(
        "token=x&team_id=T1&team_domain=d&channel_id=C1&channel_name=n&user_id=U1&user_name=u&command=%2Fiot-log&text=THING00001+telemetry%2Ccommand+2023%2F10%2F01&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1%2F2&trigger_id=1.2",
        "ssl_check=1&token=x",
        " THING00001 telemetry,command 2023/10/01",
        " THING00001,THING00002 all 2023-10-01..2023-10-03 prod from 10:00 until 12:30 contains “low battery” matches \"a+b\"",
        " client_id lifecycle yesterday",
        " link logs-0123456789abcdef",
        " <@U1|x> &lt;!channel&gt; ‘THING’ 2023年10月1日",
        " help");

    public IEnumerable<byte[]> Words => FuzzTargets.Bytes(
        "%", "%00", "%C3%A9", "%ff", "+", "&", "=", "&text=", "&command=%2Fx", "response_url=", "http://", " telemetry", " command", " lifecycle", " today", " yesterday", " 2023/10/01", "-", "–", "..", " prod", "“", "”", "\"", "'",
        " link ", " status ", " revoke ", " contains ", " matches ", " from 00:00", " until 24:00", "&amp;", "<mailto:a|b>", "\u202e", "\u0130", "9999-12-31", "0001-01-01", " 29/02/2023");

    public ulong Run(byte[] input)
    {
        var way = default(Way);
        if (input is [(byte)' ', ..])
        {
            Command(Encoding.UTF8.GetString(input), ref way);
            return way.Hash;
        }

        Dictionary<string, string>? fields = FormReader.Read(input, out string? problem);
        BrokenPromiseException.Unless(fields is null == problem is not null, "a form is read or has a problem");
        way.Text(problem ?? "");
        way.Count(fields?.Count ?? -1);
        SlackRequestVerifier.IsSslCheck(input);
        if (SlashCommand.TryParse(input, out SlashCommand? command, out string? wrong))
        {
            Command(command.Text, ref way);
        }
        else
        {
            way.Text(wrong);
        }

        return way.Hash;
    }

    private static void Command(string text, ref Way way)
    {
        var result = LogExportCommand.Parse(text, s_options);
        if (result.Command is { } command)
        {
            way.Text(command.GetType().Name);
            string written = command.ToString();
            var again = LogExportCommand.Parse(written, s_options);
            BrokenPromiseException.Unless(again.Command?.ToString() == written, $"a command is the same after writing: '{written}', then '{again.Command}'");
        }
        else
        {
            BrokenPromiseException.Unless(result.Problems.Count > 0, "what is no command has a problem");
            foreach (LogExportProblem problem in result.Problems)
            {
                way.Text(problem.Message);
            }

            result.ToProblemMessage();
        }
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2023, 10, 5, 12, 0, 0, TimeSpan.Zero);
    }
}
