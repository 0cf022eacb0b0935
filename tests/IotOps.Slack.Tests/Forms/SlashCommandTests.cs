using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Slack.Tests.Forms;

public sealed class SlashCommandTests
{
    private const string Whole =
        "token=gIkuvaNzQIHg97ATvDxqgjtO&team_id=T0001&team_domain=example&enterprise_id=E0001&enterprise_name=Globular%20Construct+Inc" +
        "&channel_id=C2147483705&channel_name=test&user_id=U2147483697&user_name=Steve&command=%2Fiot-log&text=THING00001+telemetry%2Ccommand+2023%2F10%2F01" +
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1234%2F5678&trigger_id=13345224609.738474920.8088930838d88f008e0" +
        "&api_app_id=A123456&is_enterprise_install=true&gadget=%E2%9C%93";

    [Fact]
    public void Every_field_is_read()
    {
        SlashCommand command = Parse(Whole);
        command.Command.ShouldBe("/iot-log");
        command.Text.ShouldBe("THING00001 telemetry,command 2023/10/01");
        command.ResponseUrl.ShouldBe(new Uri("https://hooks.slack.com/commands/1234/5678"));
        command.TriggerId.ShouldBe("13345224609.738474920.8088930838d88f008e0");
        command.UserId.ShouldBe("U2147483697");
        command.UserName.ShouldBe("Steve");
        command.TeamId.ShouldBe("T0001");
        command.TeamDomain.ShouldBe("example");
        command.ChannelId.ShouldBe("C2147483705");
        command.ChannelName.ShouldBe("test");
        command.ApiAppId.ShouldBe("A123456");
        command.EnterpriseId.ShouldBe("E0001");
        command.EnterpriseName.ShouldBe("Globular Construct Inc");
        command.IsEnterpriseInstall.ShouldBeTrue();
        command.Token.ShouldBe("gIkuvaNzQIHg97ATvDxqgjtO");
    }

    [Fact]
    public void Unknown_fields_are_kept()
    {
        SlashCommand command = Parse(Whole);
        command["gadget"].ShouldBe("✓");
        command.Fields.Count.ShouldBe(16);
        command["nothing"].ShouldBeNull();
    }

    [Fact]
    public void Fields_that_Slack_leaves_out_are_null_and_text_is_empty()
    {
        SlashCommand command = Parse("command=%2Fx&user_id=U1");
        command.Text.ShouldBe("");
        command.ResponseUrl.ShouldBeNull();
        command.EnterpriseId.ShouldBeNull();
        command.IsEnterpriseInstall.ShouldBeFalse();
    }

    [Theory]
    [InlineData("", "no slash command")]
    [InlineData("command=%2Fx", "no user_id")]
    [InlineData("user_id=U1", "no command")]
    [InlineData("command=&user_id=U1", "no command")]
    [InlineData("command=%2Fx&user_id=U1&user_id=U2", "'user_id' occurs twice")]
    [InlineData("command=%2Fx&user_id=U1&x=%", "value of 'x'")]
    [InlineData("command=%2Fx&user_id=U1&x=%4", "value of 'x'")]
    [InlineData("command=%2Fx&user_id=U1&x=%zz", "value of 'x'")]
    [InlineData("command=%2Fx&user_id=U1&x=%u0041", "value of 'x'")]
    [InlineData("command=%2Fx&user_id=U1&x=%ff", "value of 'x'")]
    [InlineData("command=%2Fx&user_id=U1&x=%C0%AF", "value of 'x'")]
    [InlineData("command=%2Fx&user_id=U1&%ff=x", "name of field 3")]
    [InlineData("command=%2Fx&user_id=U1&x", "Field 3")]
    [InlineData("command=%2Fx&user_id=U1&=x", "Field 3")]
    [InlineData("command=%2Fx&&user_id=U1", "Field 2")]
    [InlineData("command=%2Fx&user_id=U1&", "Field 3")]
    [InlineData("command=%2Fx&user_id=U1&response_url=nonsense", "response_url")]
    [InlineData("command=%2Fx&user_id=U1&response_url=%2Fetc%2Fpasswd", "response_url")]
    [InlineData("{\"command\":\"/x\"}", "Field 1")]
    public void What_is_no_form_is_refused_not_guessed(string form, string expected)
    {
        SlashCommand.TryParse(Encoding.UTF8.GetBytes(form), out SlashCommand? command, out string? problem).ShouldBeFalse();
        command.ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain(expected);
    }

    [Fact]
    public void A_form_is_bounded()
    {
        string many = "command=%2Fx&user_id=U1&" + string.Join('&', Enumerable.Range(0, 98).Select(i => $"f{i}=1"));
        Parse(many).Fields.Count.ShouldBe(100);
        Refuse(many + "&more=1").ShouldContain("100 fields");
        Refuse($"command=%2Fx&user_id=U1&{new string('n', 101)}=1").ShouldContain("name of field 3");
        Refuse($"command=%2Fx&user_id=U1&x={new string('v', 64 << 10)}").ShouldContain("65536");
    }

    [Fact]
    public void Problems_and_texts_quote_no_secret()
    {
        Refuse("command=%2Fx&user_id=U1&token=s3cr3t&token=s3cr3t").ShouldNotContain("s3cr3t");
        Refuse("command=%2Fx&user_id=U1&token=s3cr3t%").ShouldNotContain("s3cr3t");
        Refuse("command=%2Fx&user_id=U1&response_url=s3cr3t").ShouldNotContain("s3cr3t");
        string text = Parse(Whole).ToString();
        text.ShouldBe("/iot-log THING00001 telemetry,command 2023/10/01 (user U2147483697, channel C2147483705)");
    }

    [Fact]
    public void What_another_encoder_writes_reads_back_equal()
    {
        Gen<string> texts = ArbMap.Default.GeneratorFor<UnicodeString>().Select(s => s.Get ?? "");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithReplay(20_231_001, 1), Prop.ForAll(texts.ToArbitrary(), text =>
        {
            string valid = string.Concat(text.EnumerateRunes());
            Parse($"command=%2Fx&user_id=U1&text={Uri.EscapeDataString(valid)}").Text.ShouldBe(valid);
            Parse($"command=%2Fx&user_id=U1&text={System.Net.WebUtility.UrlEncode(valid)}").Text.ShouldBe(valid);
        }));
    }

    [Fact]
    public void No_bytes_make_it_throw() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000).WithReplay(20_231_001, 1), Prop.ForAll(
            Gen.OneOf(
                ArbMap.Default.GeneratorFor<byte[]>(),
                Gen.Elements("command=%2Fx", "&", "=", "%", "%4", "+", "user_id=U1", "response_url=", "http://x", "\u00e9").ListOf().Select(parts => Encoding.Latin1.GetBytes(string.Concat(parts)))).ToArbitrary(),
            form => SlashCommand.TryParse(form, out SlashCommand? command, out string? problem).ShouldBe(command is not null && problem is null)));

    private static SlashCommand Parse(string form)
    {
        SlashCommand.TryParse(Encoding.UTF8.GetBytes(form), out SlashCommand? command, out string? problem).ShouldBeTrue(problem);
        return command!;
    }

    private static string Refuse(string form)
    {
        SlashCommand.TryParse(Encoding.UTF8.GetBytes(form), out _, out string? problem).ShouldBeFalse();
        return problem!;
    }
}
