"""What 0003 copied is taken away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("doctors", "0003_copy_offers_and_looks")]
    operations = [
        migrations.RemoveConstraint(
            model_name='center',
            name='center_verified_on_and_how',
        ),
        migrations.RemoveConstraint(
            model_name='program',
            name='program_verified_on_and_how',
        ),
        migrations.RemoveConstraint(
            model_name='program',
            name='program_referral_yes_no_or_unknown',
        ),
        migrations.RemoveConstraint(
            model_name='specialist',
            name='specialist_verified_on_and_how',
        ),
        migrations.RemoveField(
            model_name='center',
            name='verified_by',
        ),
        migrations.RemoveField(
            model_name='center',
            name='verified_how',
        ),
        migrations.RemoveField(
            model_name='center',
            name='verified_on',
        ),
        migrations.RemoveField(
            model_name='program',
            name='offers',
        ),
        migrations.RemoveField(
            model_name='program',
            name='verified_by',
        ),
        migrations.RemoveField(
            model_name='program',
            name='verified_how',
        ),
        migrations.RemoveField(
            model_name='program',
            name='verified_on',
        ),
        migrations.RemoveField(
            model_name='specialist',
            name='verified_by',
        ),
        migrations.RemoveField(
            model_name='specialist',
            name='verified_how',
        ),
        migrations.RemoveField(
            model_name='specialist',
            name='verified_on',
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('remote_second_opinion_url', ''), models.Q(('remote_second_opinion', True), ('remote_second_opinion__isnull', False)), _connector='OR'), name='program_remote_address_means_yes'),
        ),
        migrations.AddConstraint(
            model_name='center',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('referral_required__isnull', True), ('referral_required__in', [True, False]), _connector='OR'), models.Q(('video_visit__isnull', True), ('video_visit__in', [True, False]), _connector='OR'), models.Q(('records_review__isnull', True), ('records_review__in', [True, False]), _connector='OR')), name='center_yes_no_or_unknown'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('referral_required__isnull', True), ('referral_required__in', [True, False]), _connector='OR'), models.Q(('video_visit__isnull', True), ('video_visit__in', [True, False]), _connector='OR'), models.Q(('records_review__isnull', True), ('records_review__in', [True, False]), _connector='OR'), models.Q(('pleural__isnull', True), ('pleural__in', [True, False]), _connector='OR'), models.Q(('peritoneal__isnull', True), ('peritoneal__in', [True, False]), _connector='OR'), models.Q(('surgery__isnull', True), ('surgery__in', [True, False]), _connector='OR'), models.Q(('hipec__isnull', True), ('hipec__in', [True, False]), _connector='OR'), models.Q(('chemotherapy__isnull', True), ('chemotherapy__in', [True, False]), _connector='OR'), models.Q(('immunotherapy__isnull', True), ('immunotherapy__in', [True, False]), _connector='OR'), models.Q(('radiation__isnull', True), ('radiation__in', [True, False]), _connector='OR'), models.Q(('clinical_trials__isnull', True), ('clinical_trials__in', [True, False]), _connector='OR'), models.Q(('remote_second_opinion__isnull', True), ('remote_second_opinion__in', [True, False]), _connector='OR'), models.Q(('multidisciplinary_clinic__isnull', True), ('multidisciplinary_clinic__in', [True, False]), _connector='OR'), models.Q(('palliative_care__isnull', True), ('palliative_care__in', [True, False]), _connector='OR'), models.Q(('va_affiliated__isnull', True), ('va_affiliated__in', [True, False]), _connector='OR')), name='program_yes_no_or_unknown'),
        ),
        migrations.AddConstraint(
            model_name='specialist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pleural__isnull', True), ('pleural__in', [True, False]), _connector='OR'), models.Q(('peritoneal__isnull', True), ('peritoneal__in', [True, False]), _connector='OR')), name='specialist_yes_no_or_unknown'),
        ),
    ]
