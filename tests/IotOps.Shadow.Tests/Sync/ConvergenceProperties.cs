using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace IotOps.Shadow.Tests.Sync;

/// <summary>Random edits on both sides over a network that loses, doubles and reorders, with reconnects and restarts: at the end both sides agree.</summary>
public sealed class ConvergenceProperties
{
    private static readonly Gen<Turn> AnyTurn =
        from kind in Gen.Elements(Enum.GetValues<TurnKind>())
        from field in Gen.Elements("a", "b", "c/d", "c/e")
        from value in Gen.Choose(0, 4)
        select new Turn(kind, field, value);

    // The same sequences in every run; another seed, or more of them, is for whoever looks for more.
    private static readonly Replay Seed = new(new Rnd(20261121, 7), Microsoft.FSharp.Core.FSharpOption<int>.None);

    private static readonly TurnKind[] Shared =
        [TurnKind.CloudReports, TurnKind.DeviceDesires, TurnKind.CloudDeletes, TurnKind.DeviceDeletes];

    [Fact]
    public void Both_sides_converge_whatever_was_lost_doubled_or_reordered() =>
        Check(AnyTurn, static async (fixture, turns) =>
        {
            await RunAsync(fixture, turns);
            fixture.ShouldAgree();
        });

    [Fact]
    public void No_acknowledged_edit_is_lost_while_each_side_writes_its_own_section() =>
        Check(AnyTurn.Where(static turn => !Shared.Contains(turn.Kind)), static async (fixture, turns) =>
        {
            await RunAsync(fixture, turns);
            fixture.ShouldAgree();
            var expected = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (Turn turn in turns)
            {
                if (turn.Kind is TurnKind.DeviceReports)
                {
                    expected[turn.Field] = turn.Value;
                }
            }

            foreach ((string field, int value) in expected)
            {
                // 0 stands for a removal.
                fixture.Shadow.Reported[field]?.GetInt64().ShouldBe(value);
                (fixture.Shadow.Reported[field] is null).ShouldBe(value == 0);
            }
        });

    private static async Task RunAsync(ShadowFixture fixture, IEnumerable<Turn> turns)
    {
        List<FakeMessage> held = [];
        Queue<TurnKind> faults = new();
        fixture.Connection.Network = message =>
        {
            switch (faults.TryDequeue(out TurnKind fault) ? fault : TurnKind.Settle)
            {
                case TurnKind.Lose:
                    return [];
                case TurnKind.Repeat:
                    return [message, message];
                case TurnKind.Hold:
                    held.Add(message);
                    return [];
                default:
                    return [message];
            }
        };
        await fixture.OpenConnectedAsync();
        foreach (Turn turn in turns)
        {
            await TurnAsync(fixture, turn, faults, held);
        }

        // The network recovers; what was held comes last, as late as can be.
        faults.Clear();
        fixture.Connection.Network = static message => [message];
        if (fixture.Connection.State.Status != IotOps.Mqtt.MqttConnectionStatus.Connected)
        {
            fixture.Connection.Connect();
        }

        fixture.Connection.Say(held);
        await fixture.SettleAsync();
        for (int i = 0; i < 8; i++)
        {
            await fixture.AdvanceAsync(TimeSpan.FromSeconds(70));
        }

        fixture.Connection.Connect();
        await fixture.SettleAsync();
    }

    private static async Task TurnAsync(ShadowFixture fixture, Turn turn, Queue<TurnKind> faults, List<FakeMessage> held)
    {
        ShadowValue value = turn.Value == 0 ? ShadowValue.Null : turn.Value;
        switch (turn.Kind)
        {
            case TurnKind.DeviceReports:
                await fixture.Shadow.Reported.SetAsync(turn.Field, value);
                break;
            case TurnKind.DeviceDesires:
                await fixture.Shadow.Desired.SetAsync(turn.Field, value);
                break;
            case TurnKind.DeviceDeletes:
                await fixture.Shadow.DeleteAsync();
                break;
            case TurnKind.CloudDesires:
                fixture.Connection.Say(() => fixture.Service.Update(Patch("desired", turn)));
                break;
            case TurnKind.CloudReports:
                fixture.Connection.Say(() => fixture.Service.Update(Patch("reported", turn)));
                break;
            case TurnKind.CloudDeletes:
                fixture.Connection.Say(() => fixture.Service.Delete());
                break;
            case TurnKind.Lose or TurnKind.Repeat or TurnKind.Hold:
                faults.Enqueue(turn.Kind);
                break;
            case TurnKind.Release:
                FakeMessage[] late = [.. held];
                held.Clear();
                Array.Reverse(late);
                fixture.Connection.Say(late);
                break;
            case TurnKind.Disconnect:
                fixture.Connection.Disconnect();
                break;
            case TurnKind.Connect when fixture.Connection.State.Status != IotOps.Mqtt.MqttConnectionStatus.Connected:
                fixture.Connection.Connect();
                break;
            case TurnKind.Wait:
                await fixture.AdvanceAsync(TimeSpan.FromSeconds(turn.Value * 4));
                break;
            case TurnKind.Restart:
                await fixture.OpenAsync();
                break;
            case TurnKind.Settle:
                await fixture.SettleAsync();
                break;
        }
    }

    private static string Patch(string section, Turn turn)
    {
        string[] names = turn.Field.Split('/');
        JsonNode? value = turn.Value == 0 ? null : JsonValue.Create(turn.Value);
        Array.Reverse(names);
        foreach (string name in (string[])[.. names, section])
        {
            value = new JsonObject { [name] = value };
        }

        return value!.ToJsonString();
    }

    private static void Check(Gen<Turn> turn, Func<ShadowFixture, IReadOnlyList<Turn>, Task> test) =>
        Prop.ForAll(turn.ListOf().ToArbitrary(), turns =>
        {
            Turn[] fewest = [.. turns];
            if (Failure(fewest, test) is not { } failure)
            {
                return true;
            }

            // What can be left out while it still fails is left out, so that what is left says why.
            for (int i = fewest.Length - 1; i >= 0; i--)
            {
                Turn[] fewer = [.. fewest[..i], .. fewest[(i + 1)..]];
                if (Failure(fewer, test) is { } same)
                {
                    (fewest, failure) = (fewer, same);
                }
            }

            throw new InvalidOperationException(string.Join("\n", fewest.Select(static t => t.ToString())), failure);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400).WithEndSize(60).WithReplay(Seed));

    private static Exception? Failure(IReadOnlyList<Turn> turns, Func<ShadowFixture, IReadOnlyList<Turn>, Task> test)
    {
        try
        {
            RunOnceAsync(turns, test).GetAwaiter().GetResult();
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is reported with the turns that led to it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    private static async Task RunOnceAsync(IReadOnlyList<Turn> turns, Func<ShadowFixture, IReadOnlyList<Turn>, Task> test)
    {
        await using var fixture = new ShadowFixture();
        await test(fixture, turns);
    }

    public enum TurnKind
    {
        DeviceReports,
        DeviceDesires,
        DeviceDeletes,
        CloudDesires,
        CloudReports,
        CloudDeletes,
        Lose,
        Repeat,
        Hold,
        Release,
        Disconnect,
        Connect,
        Wait,
        Restart,
        Settle,
    }

    public sealed record Turn(TurnKind Kind, string Field, int Value);
}
