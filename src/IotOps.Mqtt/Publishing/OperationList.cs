namespace IotOps.Mqtt.Publishing;

/// <summary>Publications in order, linked through themselves: taking one out of the middle costs nothing. The caller locks.</summary>
internal sealed class OperationList
{
    public PublishOperation? First { get; private set; }

    public PublishOperation? Last { get; private set; }

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void AddLast(PublishOperation operation)
    {
        operation.List = this;
        operation.Previous = Last;
        operation.Next = null;
        if (Last is null)
        {
            First = operation;
        }
        else
        {
            Last.Next = operation;
        }

        Last = operation;
        Added(operation);
    }

    public void AddFirst(PublishOperation operation)
    {
        operation.List = this;
        operation.Next = First;
        operation.Previous = null;
        if (First is null)
        {
            Last = operation;
        }
        else
        {
            First.Previous = operation;
        }

        First = operation;
        Added(operation);
    }

    /// <summary>Puts one where another was.</summary>
    public void Replace(PublishOperation old, PublishOperation replacement)
    {
        replacement.List = this;
        replacement.Next = old.Next;
        replacement.Previous = old.Previous;
        if (old.Previous is null)
        {
            First = replacement;
        }
        else
        {
            old.Previous.Next = replacement;
        }

        if (old.Next is null)
        {
            Last = replacement;
        }
        else
        {
            old.Next.Previous = replacement;
        }

        Bytes += replacement.QueueBytes - old.QueueBytes;
        old.List = null;
        old.Next = old.Previous = null;
    }

    public void Remove(PublishOperation operation)
    {
        if (operation.Previous is null)
        {
            First = operation.Next;
        }
        else
        {
            operation.Previous.Next = operation.Next;
        }

        if (operation.Next is null)
        {
            Last = operation.Previous;
        }
        else
        {
            operation.Next.Previous = operation.Previous;
        }

        operation.List = null;
        operation.Next = operation.Previous = null;
        Count--;
        Bytes -= operation.QueueBytes;
    }

    /// <summary>Takes out all, as a chain through <see cref="PublishOperation.Next"/>.</summary>
    public PublishOperation? TakeAll()
    {
        PublishOperation? first = First;
        for (PublishOperation? operation = first; operation is not null; operation = operation.Next)
        {
            operation.List = null;
            operation.Previous = null;
        }

        First = Last = null;
        Count = 0;
        Bytes = 0;
        return first;
    }

    private void Added(PublishOperation operation)
    {
        Count++;
        Bytes += operation.QueueBytes;
    }
}
