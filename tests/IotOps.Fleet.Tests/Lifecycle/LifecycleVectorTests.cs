using System.Text.Json;

namespace IotOps.Fleet.Tests.Lifecycle;

public sealed class LifecycleVectorTests
{
    private const string File = "fleet/sequences.jsonl";

    public static TheoryData<string> Ids => Vectors.Ids(File);

    [Theory]
    [MemberData(nameof(Ids))]
    public void After_all_events_each_client_is_as_it_should_be(string id)
    {
        JsonElement one = Vectors.Case(File, id);
        var tracker = new ConnectionTracker();
        DateTimeOffset last = default;
        int reports = 0;
        string client = "";
        foreach (JsonElement arrival in one.GetProperty("arrivals").EnumerateArray())
        {
            last = DateTimeOffset.FromUnixTimeMilliseconds(arrival.GetProperty("at").GetInt64());
            reports += tracker.TakeOffline(last).Count;
            var read = LifecycleEvent.Read(arrival.GetProperty("event"));
            client = read.ClientId;
            tracker.Apply(read, last);
        }

        reports += tracker.TakeOffline(last.AddSeconds(5)).Count;

        JsonElement expect = one.GetProperty("expect");
        ClientConnection state = tracker.Find(client)!;
        (state.IsConnected ? "connected" : "disconnected").ShouldBe(expect.GetProperty("state").GetString());
        reports.ShouldBe(expect.GetProperty("offlineReports").GetInt32());
        if (expect.TryGetProperty("session", out JsonElement session))
        {
            state.Session.ShouldBe(session.GetString());
        }
    }
}
