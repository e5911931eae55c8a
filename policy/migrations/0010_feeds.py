"""Calendars by a secret address, and webhooks with their outbox."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("policy", "0011_acknowledgements")]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.URLField(max_length=500)),
                ('secret', models.CharField(max_length=64)),
                ('subject', models.CharField(help_text='A kind of subject that can be followed.', max_length=12)),
                ('subject_id', models.CharField(blank=True, max_length=300)),
                ('label', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
                ('announced_revision', models.PositiveIntegerField(help_text='Changes up to it are in the outbox, or came before the webhook.')),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('paused_because', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='CalendarLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=64, unique=True)),
                ('subject', models.CharField(help_text='A kind of subject that can be followed.', max_length=12)),
                ('subject_id', models.CharField(blank=True, max_length=300)),
                ('label', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('subscriber', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='calendar_links', to='policy.subscriber')),
            ],
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('body', models.TextField()),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('sent', 'Sent'), ('failed', 'Failed')], default='queued', max_length=10)),
                ('planned_at', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('last_error', models.TextField(blank=True)),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.event')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='policy.webhook')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['state', 'not_before'], name='webhook_queue')],
                'constraints': [models.UniqueConstraint(fields=('webhook', 'event'), name='one_delivery_per_event')],
            },
        ),
    ]
